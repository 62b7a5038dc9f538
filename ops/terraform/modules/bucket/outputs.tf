output "name" {
  description = "SCANFLEET_BUCKET."
  value       = aws_s3_bucket.report.id
}

output "arn" {
  description = "The bucket."
  value       = aws_s3_bucket.report.arn
}
