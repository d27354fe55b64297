using System.Formats.Asn1;
using System.Text;

namespace Moldau.Broker.Security.Certificates;

/// <summary>
/// A distinguished name as text, in RFC 2253's form and with Java's choices where that leaves some: rules and principals
/// that were written for Kafka mean the same here.
/// </summary>
internal static class DistinguishedName
{
    private const string Escaped = ",=+<>#;\"\\";

    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "STREET",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["0.9.2342.19200300.100.1.1"] = "UID",
        ["0.9.2342.19200300.100.1.25"] = "DC",
    };

    /// <param name="der">The name as the certificate has it.</param>
    /// <exception cref="AsnContentException">It is no name.</exception>
    public static string Text(ReadOnlyMemory<byte> der)
    {
        var parts = new List<string>();
        var name = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        while (name.HasData)
        {
            // As the certificate has them, whatever order a set in DER should have.
            var set = name.ReadSetOf(skipSortOrderValidation: true);
            var attributes = new List<string>();
            while (set.HasData) attributes.Add(Attribute(set.ReadSequence()));
            parts.Add(string.Join('+', attributes));
        }

        parts.Reverse();
        return string.Join(',', parts);
    }

    private static string Attribute(AsnReader attribute)
    {
        var type = attribute.ReadObjectIdentifier();
        var tag = attribute.PeekTag();
        var value = attribute.ReadEncodedValue();
        return Keywords.TryGetValue(type, out var keyword) && IsText(tag) ? $"{keyword}={Escape(Characters(value))}"
            : $"{keyword ?? type}=#{Convert.ToHexStringLower(value.Span)}";
    }

    private static bool IsText(Asn1Tag tag) => tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue is
        UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
        or UniversalTagNumber.T61String or UniversalTagNumber.GeneralString or UniversalTagNumber.BMPString;

    /// <summary>Java reads the bytes of all of them as UTF-8.</summary>
    private static string Characters(ReadOnlyMemory<byte> value)
    {
        var tag = AsnDecoder.ReadEncodedValue(value.Span, AsnEncodingRules.BER, out var offset, out var length, out _);
        return tag.IsConstructed ? "" : Encoding.UTF8.GetString(value.Span.Slice(offset, length));
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        var lead = text.Length - text.TrimStart(' ').Length;
        var end = text.TrimEnd(' ').Length;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
            {
                escaped.Append("\\00");
                continue;
            }

            if (Escaped.Contains(text[i], StringComparison.Ordinal) || (text[i] == ' ' && (i < lead || i >= end))) escaped.Append('\\');
            escaped.Append(text[i]);
        }

        return escaped.ToString();
    }
}
