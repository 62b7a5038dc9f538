mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Statement\":[]}" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::reports" }
  }
}

variables {
  name = "reports"
}

run "private_by_itself" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.report.block_public_acls,
      aws_s3_bucket_public_access_block.report.block_public_policy,
      aws_s3_bucket_public_access_block.report.ignore_public_acls,
      aws_s3_bucket_public_access_block.report.restrict_public_buckets
    ])
    error_message = "The bucket may become public."
  }

  assert {
    condition     = [for s in data.aws_iam_policy_document.report.statement : s.sid] == ["TLSOnly"]
    error_message = "Somebody may read what nobody was allowed to."
  }

  assert {
    condition     = data.aws_iam_policy_document.report.statement[0].effect == "Deny"
    error_message = "Requests without TLS pass."
  }
}

run "readers_by_role_and_by_endpoint" {
  variables {
    reader_role_arns       = ["arn:aws:iam::123456789012:role/dashboard"]
    reader_vpc_endpoint_id = "vpce-1"
  }

  assert {
    condition     = [for s in data.aws_iam_policy_document.report.statement : s.sid] == ["TLSOnly", "Readers", "ThroughEndpoint"]
    error_message = "The readers are not those that were named."
  }

  assert {
    condition     = alltrue([for s in slice(data.aws_iam_policy_document.report.statement, 1, 3) : s.resources == toset(["arn:aws:s3:::reports/findings/*"])])
    error_message = "Readers may read more than the report."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.report.statement[2].condition).variable == "aws:SourceVpce"
    error_message = "Everybody may read."
  }
}
