# Of the provider's version 4 and later.
locals {
  runtime = "python3.12"
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  s3_use_path_style           = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    iam    = var.endpoint
    lambda = var.endpoint
    s3     = var.endpoint
    sfn    = var.endpoint
    sts    = var.endpoint
  }
}

resource "aws_s3_bucket" "box" {
  bucket        = "terraform-box"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "box" {
  bucket = aws_s3_bucket.box.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_lambda_function_url" "greeter" {
  function_name      = aws_lambda_function.greeter.function_name
  authorization_type = "NONE"
}

output "url" {
  value = aws_lambda_function_url.greeter.function_url
}
