/// An error that a service answers instead of a result.
struct ServiceFault: Error, Sendable {
    var code: String
    var message: String
    var status = 400
    /// Further members of a JSON error, such as DynamoDB's `Item`.
    var members: [JSONValue.Member] = []

    init(_ code: String, _ message: String, status: Int = 400, members: [JSONValue.Member] = []) {
        self.code = code
        self.message = message
        self.status = status
        self.members = members
    }

    static func validation(_ message: String) -> ServiceFault { ServiceFault("ValidationException", message) }

    /// Puts the error into the words of the service's protocol.
    func answer(for service: Service, requestID: String) -> Answer {
        switch service.format {
        case .json(let version):
            return json(type: "application/x-amz-json-\(version)")
        case .restJSON:
            var answer = json(type: "application/json")
            answer.headers["x-amzn-ErrorType"] = code
            return answer
        case .query:
            let error = XMLText.element(
                "Error",
                [
                    XMLText.element("Type", status < 500 ? "Sender" : "Receiver"), XMLText.element("Code", code),
                    XMLText.element("Message", message),
                ]
            )
            let root = XMLText.element(
                "ErrorResponse",
                [error, XMLText.element("RequestId", requestID)],
                attributes: " xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\""
            )
            return .xml(root, status: status)
        case .restXML:
            let root = XMLText.element(
                "Error",
                [
                    XMLText.element("Code", code), XMLText.element("Message", message),
                    XMLText.element("RequestId", requestID),
                ]
            )
            return .xml(root, status: status, type: "application/xml")
        }
    }

    private func json(type: String) -> Answer {
        let head = [
            JSONValue.Member(key: "__type", value: .string(code)),
            JSONValue.Member(key: "message", value: .string(message)),
        ]
        return .json(.object(head + members), status: status, type: type)
    }
}
