using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Clients;

/// <summary>kcat, which writes lines to a topic, and reads what is committed in it.</summary>
internal static class Kcat
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>Each line is a record; who gets which partition is chance.</summary>
    public static Task WriteAsync(string address, string topic, IEnumerable<string> lines) =>
        ChildProcess.RunAsync($"kcat to write to {topic}", Deadline, "kcat", ["-P", "-b", address, "-t", topic, "-X", "acks=all"], lines);

    /// <summary>Everything up to the ends of the partitions, or to the first transaction that is open.</summary>
    /// <param name="address">The broker's.</param>
    /// <param name="topic">What to read.</param>
    /// <param name="format">What is told of each record, in kcat's words.</param>
    public static async Task<string[]> ReadCommittedAsync(string address, string topic, string format = "%s")
    {
        var read = await ChildProcess.RunAsync(
            $"kcat to read {topic}", Deadline, "kcat",
            ["-C", "-b", address, "-t", topic, "-o", "beginning", "-e", "-q", "-X", "isolation.level=read_committed", "-f", format + "\\n"]);
        return read.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
