output "name" {
  description = "SCANFLEET_TABLE."
  value       = aws_dynamodb_table.findings.name
}

output "arn" {
  description = "The table."
  value       = aws_dynamodb_table.findings.arn
}

output "stream_arn" {
  description = "Its stream, which the aggregator finds by itself."
  value       = aws_dynamodb_table.findings.stream_arn
}
