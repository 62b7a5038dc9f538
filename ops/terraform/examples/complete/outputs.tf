output "environment" {
  description = "What the chart's values take over."
  value = {
    AWS_REGION                      = var.region
    SCANFLEET_TABLE                 = module.table.name
    SCANFLEET_BUCKET                = module.bucket.name
    SCANFLEET_ORGANIZATION_ROLE_ARN = module.listing_role.role_arn
  }
}

output "role_arns" {
  description = "For the service accounts' annotations under IRSA."
  value       = module.fleet_roles.role_arns
}

output "chart_values" {
  description = "The chart's values that follow from this: terraform output -raw chart_values >aws.yaml."
  value       = yamlencode(local.chart)
}

output "redis_url" {
  description = "SCANFLEET_REDIS_URL where the queue is in ElastiCache."
  value       = one(module.redis[*].url)
  sensitive   = true
}
