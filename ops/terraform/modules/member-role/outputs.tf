output "role_arn" {
  description = "The role in this account."
  value       = aws_iam_role.member.arn
}
