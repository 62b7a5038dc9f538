/// The date format of HTTP headers.
enum HTTPDate {
    /// Writes `Mon, 23 Nov 2026 19:26:25 GMT`.
    static func text(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.down))
        let date = Timestamp.text(seconds)
        let part = { (from: Int, count: Int) in String(date.dropFirst(from).prefix(count)) }
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[max(0, (Int(part(5, 2)) ?? 1) - 1)]
        return "\(days[whole / 86_400 % 7]), \(part(8, 2)) \(month) \(part(0, 4)) \(part(11, 8)) GMT"
    }
}
