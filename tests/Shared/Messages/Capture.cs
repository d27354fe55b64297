using System.Globalization;

namespace Moldau.Shared.Messages;

/// <summary>One message as Kafka wrote it: what it holds, and its bytes. A line of a file of captures, parts between tabs.</summary>
internal sealed record Capture(string Message, short Version, string Json, string Hex)
{
    public static Capture Parse(string line)
    {
        var parts = line.Split('\t');
        if (parts.Length != 4) throw new FormatException($"expected 4 parts between tabs, found {parts.Length}: {line}");
        return new Capture(parts[0], short.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], parts[3]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Message}\t{Version}\t{Json}\t{Hex}");
}
