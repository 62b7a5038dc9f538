output "stack_set_name" {
  description = "To look at its operations by."
  value       = aws_cloudformation_stack_set.member.name
}
