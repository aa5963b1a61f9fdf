# Of the provider's version 3, which has no function URLs and knows the runtimes of its day.
locals {
  runtime = "python3.8"
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  s3_force_path_style         = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    iam           = var.endpoint
    lambda        = var.endpoint
    s3            = var.endpoint
    stepfunctions = var.endpoint
    sts           = var.endpoint
  }
}

resource "aws_s3_bucket" "box" {
  bucket        = "terraform-box"
  force_destroy = true
  versioning {
    enabled = true
  }
  # Buckets have it by default since 2023; this version removes what it was not told of.
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "AES256"
      }
    }
  }
}
