using System.Globalization;

namespace Moldau.Coordination.Groups.Patterns;

/// <summary>The classes of characters that have a name in RE2's syntax.</summary>
internal static class ClassNames
{
    private static readonly AsciiSet Digits = AsciiSet.Range('0', '9');
    private static readonly AsciiSet Lower = AsciiSet.Range('a', 'z');
    private static readonly AsciiSet Upper = AsciiSet.Range('A', 'Z');
    private static readonly AsciiSet Letters = Lower.Or(Upper);
    private static readonly AsciiSet Word = Letters.Or(Digits).Or(AsciiSet.Of("_"));
    private static readonly AsciiSet Graph = AsciiSet.Range('!', '~');

    private static readonly Dictionary<string, AsciiSet> PosixClasses = new(StringComparer.Ordinal)
    {
        ["alnum"] = Letters.Or(Digits),
        ["alpha"] = Letters,
        ["ascii"] = AsciiSet.All,
        ["blank"] = AsciiSet.Of("\t "),
        ["cntrl"] = AsciiSet.Range(0, 0x1F).Or(AsciiSet.Of("\x7F")),
        ["digit"] = Digits,
        ["graph"] = Graph,
        ["lower"] = Lower,
        ["print"] = Graph.Or(AsciiSet.Of(" ")),
        ["punct"] = AsciiSet.Where(character => Graph.Contains(character) && !char.IsAsciiLetterOrDigit(character)),
        ["space"] = AsciiSet.Of("\t\n\v\f\r "),
        ["upper"] = Upper,
        ["word"] = Word,
        ["xdigit"] = Digits.Or(AsciiSet.Range('a', 'f')).Or(AsciiSet.Range('A', 'F')),
    };

    // The general categories RE2/J knows; all but these have no meaning in ASCII, or are unknown to it (Cn).
    private static readonly HashSet<string> Categories = new(
        "C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs".Split(' '), StringComparer.Ordinal);

    // As of Unicode 6.0, whose tables RE2/J carries.
    private static readonly HashSet<string> Scripts = new(
        """
        Arabic Armenian Avestan Balinese Bamum Batak Bengali Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Cham
        Cherokee Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari Egyptian_Hieroglyphs Ethiopic Georgian Glagolitic Gothic
        Greek Gujarati Gurmukhi Han Hangul Hanunoo Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi
        Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kayah_Li Kharoshthi Khmer Lao Latin Lepcha Limbu Linear_B Lisu Lycian
        Lydian Malayalam Mandaic Meetei_Mayek Mongolian Myanmar New_Tai_Lue Nko Ogham Ol_Chiki Old_Italic Old_Persian
        Old_South_Arabian Old_Turkic Oriya Osmanya Phags_Pa Phoenician Rejang Runic Samaritan Saurashtra Shavian Sinhala Sundanese
        Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Tamil Telugu Thaana Thai Tibetan Tifinagh Ugaritic Unknown Vai Yi
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    /// <summary>What stands behind a backslash: d, s, w and their opposites.</summary>
    public static AsciiSet? Perl(int letter) => letter switch
    {
        'd' => Digits,
        'D' => Digits.Not(),
        's' => AsciiSet.Of("\t\n\f\r "),
        'S' => AsciiSet.Of("\t\n\f\r ").Not(),
        'w' => Word,
        'W' => Word.Not(),
        _ => null,
    };

    /// <param name="name">With brackets and colons, as it stands in a class.</param>
    public static AsciiSet? Posix(string name, bool foldsCase)
    {
        // In '[:]' the colons are one.
        if (name.Length < "[::]".Length) return null;
        var isNegated = name.StartsWith("[:^", StringComparison.Ordinal);
        if (!PosixClasses.TryGetValue(name[(isNegated ? 3 : 2)..^2], out var set)) return null;
        if (foldsCase) set = set.Folded();
        return isNegated ? set.Not() : set;
    }

    public static AsciiSet? Unicode(string name, bool foldsCase)
    {
        if (name == "Any") return AsciiSet.All;
        if (Categories.Contains(name))
        {
            var set = AsciiSet.Where(character => Category(character).StartsWith(name, StringComparison.Ordinal));
            if (!foldsCase) return set;
            return name switch
            {
                "Lu" => set.Folded(),
                // RE2/J's table of what folds into Ll has no capitals but those two.
                "Ll" => set.Or(AsciiSet.Of("KS")),
                _ => set,
            };
        }

        if (!Scripts.Contains(name)) return null;
        return name switch
        {
            "Latin" => Letters,
            "Common" => Letters.Not(),
            _ => default(AsciiSet),
        };
    }

    private static string Category(char character) => CharUnicodeInfo.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.Control => "Cc",
        UnicodeCategory.SpaceSeparator => "Zs",
        UnicodeCategory.OtherPunctuation => "Po",
        UnicodeCategory.CurrencySymbol => "Sc",
        UnicodeCategory.OpenPunctuation => "Ps",
        UnicodeCategory.ClosePunctuation => "Pe",
        UnicodeCategory.MathSymbol => "Sm",
        UnicodeCategory.DashPunctuation => "Pd",
        UnicodeCategory.DecimalDigitNumber => "Nd",
        UnicodeCategory.UppercaseLetter => "Lu",
        UnicodeCategory.LowercaseLetter => "Ll",
        UnicodeCategory.ModifierSymbol => "Sk",
        UnicodeCategory.ConnectorPunctuation => "Pc",
        var other => throw new InvalidOperationException($"'{character}' is of category {other}, which no ASCII character is"),
    };
}
