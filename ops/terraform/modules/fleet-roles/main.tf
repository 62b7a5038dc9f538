# The roles of coordinator, worker and aggregator, each for one Kubernetes service account: by EKS Pod Identity, by IRSA
# (an OIDC provider), or by both while one moves from one to the other.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

module "policies" {
  source           = "../policies"
  partition        = data.aws_partition.current.partition
  fleet_account_id = data.aws_caller_identity.current.account_id
  region           = data.aws_region.current.name
  organization_id  = var.organization_id
  table            = var.table
  bucket           = var.bucket
  report_prefix    = var.report_prefix
  member_role      = var.member_role
  session_tags     = local.by_pod_identity
}

locals {
  working         = toset(["coordinator", "worker", "aggregator"])
  roles           = setunion(local.working, var.dashboard ? ["dashboard"] : [])
  by_pod_identity = var.pod_identity_cluster != null
  by_irsa         = var.oidc_provider_arn != null
  issuer          = local.by_irsa ? split("oidc-provider/", var.oidc_provider_arn)[1] : ""
}

data "aws_iam_policy_document" "trust" {
  for_each = local.roles

  dynamic "statement" {
    for_each = local.by_pod_identity ? ["PodIdentity"] : []

    content {
      sid     = statement.value
      actions = ["sts:AssumeRole", "sts:TagSession"]

      principals {
        type        = "Service"
        identifiers = ["pods.eks.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:RequestTag/kubernetes-namespace"
        values   = [var.namespace]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:RequestTag/kubernetes-service-account"
        values   = ["${var.service_account_prefix}-${each.key}"]
      }
    }
  }

  dynamic "statement" {
    for_each = local.by_irsa ? ["ServiceAccount"] : []

    content {
      sid     = statement.value
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [var.oidc_provider_arn]
      }

      condition {
        test     = "StringEquals"
        variable = "${local.issuer}:sub"
        values   = ["system:serviceaccount:${var.namespace}:${var.service_account_prefix}-${each.key}"]
      }

      condition {
        test     = "StringEquals"
        variable = "${local.issuer}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "fleet" {
  for_each = local.roles

  name                 = "${var.role_prefix}-${each.key}"
  description          = "scanfleet's ${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  lifecycle {
    precondition {
      condition     = local.by_pod_identity || local.by_irsa
      error_message = "Give pod_identity_cluster, oidc_provider_arn, or both."
    }
  }
}

# The dashboard's role may do what the bucket's policy lets its readers do, and nothing else.
resource "aws_iam_role_policy" "fleet" {
  for_each = local.working

  name   = "scanfleet-${each.key}"
  role   = aws_iam_role.fleet[each.key].id
  policy = module.policies.json[each.key]
}

# Without a role to assume, the coordinator lists the organization by itself: in the management account only.
data "aws_iam_policy_document" "listing" {
  count = var.listing_role_arn == null ? 0 : 1

  statement {
    sid       = "AssumeListingRole"
    actions   = local.by_pod_identity ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"]
    resources = [var.listing_role_arn]
  }
}

resource "aws_iam_role_policy" "listing" {
  name   = "scanfleet-organization"
  role   = aws_iam_role.fleet["coordinator"].id
  policy = var.listing_role_arn == null ? module.policies.json["organization"] : data.aws_iam_policy_document.listing[0].json
}

resource "aws_eks_pod_identity_association" "fleet" {
  for_each = local.by_pod_identity ? local.roles : toset([])

  cluster_name    = var.pod_identity_cluster
  namespace       = var.namespace
  service_account = "${var.service_account_prefix}-${each.key}"
  role_arn        = aws_iam_role.fleet[each.key].arn
  tags            = var.tags
}
