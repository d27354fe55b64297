namespace Moldau.Compatibility.Messages;

/// <summary>What Kafka made of a message: its bytes, its content, or why it refused.</summary>
/// <param name="Bytes">What it wrote, as hex; null where it refused.</param>
/// <param name="Content">What it read, as JSON; null where it was asked to write.</param>
/// <param name="Refusal">The exception's class and text; null where there was none.</param>
internal sealed record JudgeAnswer(string? Bytes, string? Content, string? Refusal)
{
    public static JudgeAnswer Parse(string line)
    {
        var parts = line.Split('\t');
        return parts[0] switch
        {
            "bytes" => new JudgeAnswer(parts[1], null, null),
            "content" => new JudgeAnswer(parts[2], parts[1], null),
            "refused" => new JudgeAnswer(null, null, parts[1] + ": " + parts[2]),
            _ => throw new FormatException("not an answer of the judge: " + line),
        };
    }
}
