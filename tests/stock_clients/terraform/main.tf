# What people write with Terraform's AWS provider: a role, a bucket, a function from an archive, a
# machine that calls it. `endpoint` and `package` come from the test; what the provider's versions
# write differently is in provider_3 and provider_4, of which the test lays one beside this file.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "endpoint" {
  type = string
}

variable "package" {
  type = string
}

variable "greeting" {
  type    = string
  default = "Hello"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "states.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "worker" {
  name               = "terraform-worker"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "read" {
  role   = aws_iam_role.worker.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.box.arn}/*" }]
  })
}

resource "aws_lambda_function" "greeter" {
  function_name    = "terraform-greeter"
  role             = aws_iam_role.worker.arn
  runtime          = local.runtime
  handler          = "app.handler"
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  environment {
    variables = { GREETING = var.greeting }
  }
}

resource "aws_sfn_state_machine" "machine" {
  name       = "terraform-machine"
  role_arn   = aws_iam_role.worker.arn
  definition = jsonencode({
    StartAt = "Greet"
    States  = { Greet = { Type = "Task", Resource = aws_lambda_function.greeter.arn, End = true } }
  })
}

output "machine" {
  value = aws_sfn_state_machine.machine.arn
}
