namespace Moldau.Compatibility.Messages;

/// <summary>Holds what we write beside what Kafka writes, and says where they part.</summary>
internal static class SampleComparison
{
    private const int Shown = 400;

    /// <summary>Null where both wrote the same bytes, or both refused.</summary>
    public static string? Written(Sample sample, JudgeAnswer kafka)
    {
        var ours = sample.Write();
        if (ours == kafka.Bytes) return null;
        var report = sample.Name + "\n    content " + Cut(sample.Json, 0);
        if (ours is null) return report + "\n    ours refuses, Kafka writes " + Cut(kafka.Bytes!, 0);
        if (kafka.Bytes is null) return report + "\n    ours writes " + Cut(ours, 0) + "\n    Kafka refuses: " + kafka.Refusal;
        var same = ours.Zip(kafka.Bytes).TakeWhile(pair => pair.First == pair.Second).Count() / 2 * 2;
        return report + $"\n    after {same / 2} equal bytes of {ours.Length / 2} and {kafka.Bytes.Length / 2}\n    ours  {Cut(ours, same)}\n    Kafka {Cut(kafka.Bytes, same)}";
    }

    /// <summary>Null where both texts are the same.</summary>
    public static string? Content(string name, string expected, string actual)
    {
        if (expected == actual) return null;
        var same = Math.Max(0, expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count() - 60);
        return $"{name}\n    expected {Cut(expected, same)}\n    read     {Cut(actual, same)}";
    }

    private static string Cut(string text, int from) =>
        (from > 0 ? "…" : "") + (text.Length - from > Shown ? string.Concat(text.AsSpan(from, Shown), "…") : text[from..]);
}
