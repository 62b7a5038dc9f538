internal import AWSCore
internal import Testing

@Suite struct XMLElementTests {
    @Test func `Reads elements, text, entities, sections and comments`() throws {
        let text = """
            \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
            <!-- before -->
            <ns:Root xmlns:ns='https://example.com/a>b' empty="">
              <Name>a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos; &#228;&#x1F600;</Name><Empty/>
              <Section><![CDATA[<raw> & ]] ]]>&amp;</Section><!-- -- -->
              <Item>1</Item ><Item>2</Item>
            </ns:Root>

            """
        let root = try XMLElement(parsing: Array(text.utf8))
        #expect(root.name == "Root")
        #expect(root.children.map(\.name) == ["Name", "Empty", "Section", "Item", "Item"])
        #expect(try root.required("Name") == "a <b> & \"c\" 'd' ä😀")
        #expect(try root.required("Section") == "<raw> & ]] &")
        #expect(root.first("Empty")?.text == "")
        #expect(throws: MissingElement(name: "Other")) { try root.required("Other") }
    }

    @Test(arguments: [
        "", "   ", "text", "<", "<a", "<a>", "<a></b>", "<a></a", "<a/>b", "<a/><b/>", "</a>", "<a><b></a></b>",
        "<a b></a>",
        "<a b=c></a>", "<a b='c></a>", "<a>&nbsp;</a>", "<a>&</a>", "<a>&amp</a>", "<a>&#0;</a>", "<a>&#xD800;</a>",
        "<a>&#+65;</a>", "<a>&#x;</a>", "<a>&#1114112;</a>", "<a><![CDATA[x]]</a>", "<a><!-- x</a>", "<!DOCTYPE a><a/>",
        "<a><!ENTITY b 'c'></a>", "<a><?php ?></a>", "<?xml", "<1></2>", "< a></a>", "<a>\u{FEFF}",
    ])
    func `Refuses what is not whole and plain`(text: String) {
        #expect(throws: XMLElement.SyntaxError.self) { try XMLElement(parsing: Array(text.utf8)) }
    }

    @Test(arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF]] as [[UInt8]])
    func `Refuses bytes that are not UTF-8, in text and in names`(bytes: [UInt8]) {
        for text in [Array("<a>".utf8) + bytes + Array("</a>".utf8), Array("<a".utf8) + bytes + Array("/>".utf8)] {
            #expect(throws: XMLElement.SyntaxError.self) { try XMLElement(parsing: text) }
        }
    }

    @Test func `Says at which byte and why`() {
        let error = #expect(throws: XMLElement.SyntaxError.self) { try XMLElement(parsing: Array("<a>&zz;</a>".utf8)) }
        #expect(error?.description == "XML, byte 3: an unknown entity")
    }

    @Test func `Allows 64 levels and no more`() throws {
        let nested = { (depth: Int) in
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        _ = try XMLElement(parsing: Array(nested(64).utf8))
        #expect(throws: XMLElement.SyntaxError.self) { try XMLElement(parsing: Array(nested(65).utf8)) }
        #expect(throws: XMLElement.SyntaxError.self) {
            try XMLElement(parsing: Array(String(repeating: "<a>", count: 1_000_000).utf8))
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4]) func `Survives damaged documents`(seed: UInt64) throws {
        let whole = Array(
            "<?xml version='1.0'?><E a=\"1\"><R><A>x &amp; y</A><B><![CDATA[z]]></B><!-- c --></R><I/></E>".utf8
        )
        var generator = SeededGenerator(state: seed)
        var read = 0
        for _ in 0..<5000 {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: damaged[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: damaged.remove(at: place)
                default: damaged.insert(damaged[Int.random(in: 0..<damaged.count, using: &generator)], at: place)
                }
            }
            do {
                _ = try XMLElement(parsing: damaged)
                read += 1
            } catch {
                #expect((0...damaged.count).contains(error.offset))
            }
        }
        // Some damage is harmless, to a text or a comment; most is not.
        #expect((1..<4000).contains(read))
    }

    @Test func `Refuses every beginning of a document`() throws {
        let whole = Array("<E a=\"1\"><R>x &amp; y</R><![CDATA[z]]><!-- c --></E>".utf8)
        _ = try XMLElement(parsing: whole)
        for count in 0..<whole.count {
            #expect(throws: XMLElement.SyntaxError.self) { try XMLElement(parsing: Array(whole.prefix(count))) }
        }
    }
}
