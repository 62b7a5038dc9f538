mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Statement\":[]}" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mocked" }
  }
}

mock_provider "aws" {
  alias = "management"

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111111111111" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Statement\":[]}" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111111111111:role/ScanfleetListing" }
  }
}

variables {
  organization_id                = "o-abc123"
  management_deployment_role_arn = "arn:aws:iam::111111111111:role/Deploy"
  pod_identity_cluster           = "prod"
}

run "what_the_chart_is_told" {
  assert {
    condition     = yamldecode(output.chart_values).dashboard == { enabled = true, s3Auth = "sigv4" }
    error_message = "The dashboard would ask S3 without the role that the bucket lets in."
  }

  assert {
    condition     = yamldecode(output.chart_values).config.organizationRoleArn == "arn:aws:iam::111111111111:role/ScanfleetListing"
    error_message = "The coordinator would not find the organization."
  }

  assert {
    condition     = yamldecode(output.chart_values).secrets == {} && !can(yamldecode(output.chart_values).redis)
    error_message = "The chart would wait for secrets that nobody asked for."
  }
}

run "with_elasticache_an_external_id_and_irsa" {
  variables {
    pod_identity_cluster = null
    oidc_provider_arn    = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABC"
    external_id          = "secret-of-the-trust"
    redis                = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"], client_security_group_ids = ["sg-1"] }
    redis_password       = "0123456789abcdef"
  }

  assert {
    condition = (
      yamldecode(output.chart_values).secrets.externalId.existingSecret == "scanfleet-aws" &&
      yamldecode(output.chart_values).redis.auth.existingSecret == "scanfleet-redis" &&
      yamldecode(output.chart_values).redis.tls && !yamldecode(output.chart_values).valkey.enabled
    )
    error_message = "The chart does not hear of ElastiCache or of the external id."
  }

  assert {
    condition     = yamldecode(output.chart_values).worker.serviceAccount.annotations["eks.amazonaws.com/role-arn"] == "arn:aws:iam::123456789012:role/mocked"
    error_message = "The service accounts have no roles."
  }

  assert {
    condition     = !strcontains(output.chart_values, "secret-of-the-trust") && !strcontains(output.chart_values, "0123456789abcdef")
    error_message = "A secret stands in the chart's values."
  }
}

run "a_queue_asks_for_a_password" {
  command = plan

  variables {
    redis = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"], client_security_group_ids = ["sg-1"] }
  }

  expect_failures = [var.redis_password]
}
