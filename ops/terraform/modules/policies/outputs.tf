output "json" {
  description = "The policies by the names of their files in ops/iam."
  value       = local.rendered

  precondition {
    condition     = alltrue([for text in values(local.rendered) : length(regexall("FLEET_ACCOUNT|ORGANIZATION_ID|REGION|BUCKET", text)) == 0])
    error_message = "A policy of ops/iam has a word in capitals that nobody replaces."
  }
}
