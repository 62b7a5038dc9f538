# The policies of ops/iam with their words in capitals replaced. They stand nowhere else: a test of the fleet compares
# the files with the calls that it makes.

locals {
  names = ["aggregator", "coordinator", "init", "member-permissions", "organization", "worker"]
  texts = { for name in local.names : name => file("${path.module}/../../../iam/${name}.json") }

  # Terraform has no fold, so the words follow each other by hand.
  partitioned = { for name, text in local.texts : name => replace(text, "arn:aws:", "arn:${var.partition}:") }
  placed = { for name, text in local.partitioned : name => replace(
    replace(replace(text, "FLEET_ACCOUNT", var.fleet_account_id), "ORGANIZATION_ID", var.organization_id),
    "REGION", var.region
  ) }
  stored = { for name, text in local.placed : name => replace(
    replace(text, "BUCKET/findings/", "${var.bucket}/${var.report_prefix}"), "BUCKET", var.bucket
  ) }
  named = { for name, text in local.stored : name => replace(
    replace(text, "table/scanfleet", "table/${var.table}"), "role/ScanfleetMember", "role/${var.member_role}"
  ) }

  # The tags of a Pod Identity session go along when its role assumes another, which asks for this action as well.
  assume  = "\"sts:AssumeRole\""
  tagging = "\"sts:AssumeRole\", \"sts:TagSession\""
  rendered = { for name, text in local.named :
    name => var.session_tags ? replace(text, local.assume, local.tagging) : text
  }
}
