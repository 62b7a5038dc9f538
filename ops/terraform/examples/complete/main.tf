# A fleet in an account of its own: table, bucket and roles there, the listing role in the management account, and the
# member role in both; a StackSet carries it to all others. Copy, set the variables, apply.

terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80"
    }
  }
}

provider "aws" {
  region = var.region
}

provider "aws" {
  alias  = "management"
  region = var.region

  assume_role {
    role_arn = var.management_deployment_role_arn
  }
}

data "aws_caller_identity" "fleet" {}
data "aws_partition" "fleet" {}

data "aws_caller_identity" "management" {
  provider = aws.management
}

locals {
  session_tags = var.pod_identity_cluster != null
  # Known before either role exists, so that each may name the other.
  listing_role_arn = join(":", [
    "arn", data.aws_partition.fleet.partition, "iam", "", data.aws_caller_identity.management.account_id,
    "role/ScanfleetListing"
  ])
}

module "table" {
  source              = "../../modules/table"
  deletion_protection = var.protect
}

module "bucket" {
  source                 = "../../modules/bucket"
  name                   = coalesce(var.bucket, "scanfleet-report-${data.aws_caller_identity.fleet.account_id}")
  reader_role_arns       = concat(var.reader_role_arns, var.dashboard ? [module.fleet_roles.role_arns["dashboard"]] : [])
  reader_vpc_endpoint_id = var.reader_vpc_endpoint_id
  force_destroy          = !var.protect
}

module "fleet_roles" {
  source               = "../../modules/fleet-roles"
  organization_id      = var.organization_id
  table                = module.table.name
  bucket               = module.bucket.name
  listing_role_arn     = local.listing_role_arn
  pod_identity_cluster = var.pod_identity_cluster
  oidc_provider_arn    = var.oidc_provider_arn
  dashboard            = var.dashboard
}

module "listing_role" {
  source    = "../../modules/listing-role"
  providers = { aws = aws.management }

  coordinator_role_arn = module.fleet_roles.role_arns["coordinator"]
  session_tags         = local.session_tags
}

# Only where no StackSet brings it: two of the same name cannot be.
module "member_role_here" {
  source = "../../modules/member-role"
  count  = var.member_role_here ? 1 : 0

  coordinator_role_arn = module.fleet_roles.role_arns["coordinator"]
  worker_role_arn      = module.fleet_roles.role_arns["worker"]
  external_id          = var.external_id
  session_tags         = local.session_tags
}

module "member_role_in_management" {
  source    = "../../modules/member-role"
  providers = { aws = aws.management }

  coordinator_role_arn = module.fleet_roles.role_arns["coordinator"]
  worker_role_arn      = module.fleet_roles.role_arns["worker"]
  external_id          = var.external_id
  session_tags         = local.session_tags
}

module "member_roles" {
  source    = "../../modules/member-role-stackset"
  count     = length(var.organizational_unit_ids) > 0 ? 1 : 0
  providers = { aws = aws.management }

  organizational_unit_ids = var.organizational_unit_ids
  coordinator_role_arn    = module.fleet_roles.role_arns["coordinator"]
  worker_role_arn         = module.fleet_roles.role_arns["worker"]
  external_id             = var.external_id == null ? "" : var.external_id
  session_tags            = local.session_tags
  region                  = var.region
}

module "redis" {
  source = "../../modules/redis"
  count  = var.redis == null ? 0 : 1

  vpc_id                    = var.redis.vpc_id
  subnet_ids                = var.redis.subnet_ids
  client_security_group_ids = var.redis.client_security_group_ids
  password                  = var.redis_password
}
