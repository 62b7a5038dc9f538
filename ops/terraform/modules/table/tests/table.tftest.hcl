mock_provider "aws" {}

run "what_the_fleet_asks_of_its_table" {
  assert {
    condition     = aws_dynamodb_table.findings.hash_key == "PK" && aws_dynamodb_table.findings.range_key == "SK"
    error_message = "The fleet refuses a table with other keys."
  }

  assert {
    condition     = aws_dynamodb_table.findings.stream_view_type == "NEW_AND_OLD_IMAGES"
    error_message = "The aggregator cannot follow the table."
  }

  assert {
    condition = (
      aws_dynamodb_table.findings.point_in_time_recovery[0].enabled &&
      aws_dynamodb_table.findings.deletion_protection_enabled &&
      aws_dynamodb_table.findings.server_side_encryption[0].enabled
    )
    error_message = "The table is not protected."
  }
}
