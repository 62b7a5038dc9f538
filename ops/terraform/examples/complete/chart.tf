# What the chart has to know of all this. The two secrets that it names are yours to make (ops/guides/install.md, step 3).

locals {
  # Under Pod Identity an account's name says enough.
  accounts = { for part, arn in module.fleet_roles.role_arns : part => {
    serviceAccount = { annotations = { "eks.amazonaws.com/role-arn" = arn } }
  } if var.oidc_provider_arn != null }

  dashboard = {
    enabled = var.dashboard || var.reader_vpc_endpoint_id != null
    s3Auth  = var.dashboard ? "sigv4" : "none"
  }

  # Whether there is one is no secret.
  external_id = { for key in nonsensitive(var.external_id != null) ? ["externalId"] : [] : key => {
    existingSecret = "scanfleet-aws"
  } }

  elasticache = { for host in module.redis[*].host : "redis" => {
    host = host
    tls  = true
    auth = { existingSecret = "scanfleet-redis" }
  } }

  chart = merge(
    local.accounts,
    {
      aws = { region = var.region }
      config = {
        table               = module.table.name
        bucket              = module.bucket.name
        organizationRoleArn = module.listing_role.role_arn
      }
      secrets   = local.external_id
      dashboard = merge(lookup(local.accounts, "dashboard", {}), local.dashboard)
      valkey    = { enabled = var.redis == null }
    },
    local.elasticache
  )
}
