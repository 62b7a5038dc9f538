output "role_arn" {
  description = "SCANFLEET_ORGANIZATION_ROLE_ARN."
  value       = aws_iam_role.listing.arn
}
