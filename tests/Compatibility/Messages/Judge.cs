using System.Globalization;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Messages;

/// <summary>Questions to Kafka's own message classes; all of one batch go to one process.</summary>
internal static class Judge
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static string Write(string message, short contentVersion, short version, string json) =>
        string.Join('\t', "write", message, Text(contentVersion), Text(version), json);

    public static string Read(string message, short version, string hex) =>
        string.Join('\t', "read", message, Text(version), hex);

    public static async Task<IReadOnlyList<JudgeAnswer>> AskAsync(string purpose, IReadOnlyList<string> questions)
    {
        var answers = await KafkaJars.RunAsync($"{purpose} ({questions.Count} messages)", Deadline, "Judge", questions);
        if (answers.Count == questions.Count) return [.. answers.Select(JudgeAnswer.Parse)];
        throw new InvalidOperationException($"{purpose}: {answers.Count} answers to {questions.Count} questions");
    }

    private static string Text(short number) => number.ToString(CultureInfo.InvariantCulture);
}
