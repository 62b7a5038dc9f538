# The report: private, over TLS only, readable by named roles or through a VPC endpoint (the dashboard's way).

resource "aws_s3_bucket" "report" {
  # checkov:skip=CKV_AWS_144: the report can be built again from the table within minutes, in any region
  # checkov:skip=CKV2_AWS_62: nobody waits for events; readers ask by ETag
  bucket        = var.name
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "report" {
  bucket                  = aws_s3_bucket.report.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "report" {
  bucket = aws_s3_bucket.report.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "report" {
  bucket = aws_s3_bucket.report.id

  rule {
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

# Reports overwrite each other; the earlier ones are a history for as long as the lifecycle keeps them.
resource "aws_s3_bucket_versioning" "report" {
  bucket = aws_s3_bucket.report.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "report" {
  bucket = aws_s3_bucket.report.id

  rule {
    id     = "forget-old-reports"
    status = "Enabled"

    filter {
      prefix = var.report_prefix
    }

    noncurrent_version_expiration {
      noncurrent_days = var.history_days
    }
  }

  rule {
    id     = "forget-broken-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.report]
}

resource "aws_s3_bucket_logging" "report" {
  count = var.log_bucket == null ? 0 : 1

  bucket        = aws_s3_bucket.report.id
  target_bucket = var.log_bucket
  target_prefix = "${var.name}/"
}

data "aws_iam_policy_document" "report" {
  statement {
    sid       = "TLSOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.report.arn, "${aws_s3_bucket.report.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = length(var.reader_role_arns) > 0 ? ["Readers"] : []

    content {
      sid       = statement.value
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.report.arn}/${var.report_prefix}*"]

      principals {
        type        = "AWS"
        identifiers = var.reader_role_arns
      }
    }
  }

  # A condition on one endpoint is not public in S3's eyes, so the public access block allows it.
  dynamic "statement" {
    for_each = var.reader_vpc_endpoint_id == null ? [] : ["ThroughEndpoint"]

    content {
      sid       = statement.value
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.report.arn}/${var.report_prefix}*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceVpce"
        values   = [var.reader_vpc_endpoint_id]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "report" {
  bucket = aws_s3_bucket.report.id
  policy = data.aws_iam_policy_document.report.json

  depends_on = [aws_s3_bucket_public_access_block.report]
}
