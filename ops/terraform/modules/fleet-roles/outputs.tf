output "role_arns" {
  description = "The roles by the name of their part: what the chart's service accounts are annotated with under IRSA."
  value       = { for name, role in aws_iam_role.fleet : name => role.arn }
}
