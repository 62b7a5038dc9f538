/// Which operation of which service a request is for; all services share one address.
struct Route {
    let service: Service
    let operation: String

    init(_ request: WireRequest) {
        if let target = request.headers["x-amz-target"] {
            let parts = target.split(separator: ".", maxSplits: 1).map(String.init)
            service = Service.allCases.first { $0.targetPrefix == parts.first } ?? .ecr
            operation = parts.last ?? ""
        } else if request.path == "/listRegions" {
            (service, operation) = (.account, "ListRegions")
        } else if request.method == "POST", request.path == "/" {
            let form = PercentEncoding.pairs(String(decoding: request.body, as: UTF8.self), plusIsBlank: true)
            (service, operation) = (.sts, form.first { $0.name == "Action" }?.value ?? "")
        } else {
            (service, operation) = (.s3, ObjectStore.operation(of: request))
        }
    }
}
