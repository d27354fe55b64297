using System.Text;
using System.Text.Json;

namespace Moldau.TestRunner;

/// <summary>
/// Follows one test executable through the lines of its JSON reporter: which tests run now, what became of the others,
/// and whether the executable came to its regular end.
/// </summary>
internal sealed class TestEvents(string suite, TimeProvider clock)
{
    private const string EventStart = "{\"$type\":\"";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RunningTest> _running = [];
    private readonly List<FinishedTest> _results = [];
    private readonly StringBuilder _stray = new();
    private bool _finished;

    /// <summary>Takes one line of standard output. A line that is no event is kept: it may explain a crash.</summary>
    public void Take(string line)
    {
        lock (_gate)
        {
            // A test that wrote to the console without ending its line has put its text in front of the event.
            var start = line.IndexOf(EventStart, StringComparison.Ordinal);
            if (start != 0) _stray.AppendLine(start < 0 ? line : line[..start]);
            if (start < 0) return;
            try
            {
                using var json = JsonDocument.Parse(line.AsMemory(start));
                Take(json.RootElement);
            }
            catch (JsonException)
            {
                _stray.AppendLine(line);
            }
        }
    }

    /// <summary>The tests that have begun and not ended, longest first.</summary>
    public IReadOnlyList<(string Test, TimeSpan Time)> Running
    {
        get
        {
            lock (_gate)
            {
                return [.. _running.Values.Select(test => (test.Name, clock.GetElapsedTime(test.Began))).OrderByDescending(test => test.Item2)];
            }
        }
    }

    /// <summary>The results once the executable has ended, or has been ended: what it left unsaid counts as a failure.</summary>
    /// <param name="exitCode">The executable's exit code.</param>
    /// <param name="killed">Why it was killed, if it was.</param>
    /// <param name="errors">What it wrote to standard error.</param>
    public IReadOnlyList<FinishedTest> End(int exitCode, string? killed, string errors)
    {
        lock (_gate)
        {
            var failed = _results.Any(result => result.Outcome == Outcome.Failed);
            if (killed is null && _finished && (exitCode == 0 || failed)) return _results;

            var details = new StringBuilder(killed ?? $"ended with exit code {exitCode}{(_finished ? "" : " before its tests did")}").AppendLine();
            foreach (var (test, time) in Running) details.AppendLine($"  running for {time.TotalSeconds:F0} s: {test}");
            details.Append(_stray).Append(errors);
            _results.Add(new FinishedTest(suite, "the suite itself", Outcome.Failed, TimeSpan.Zero, details.ToString(), ""));
            return _results;
        }
    }

    private void Take(JsonElement json)
    {
        var kind = Text(json, "$type");
        switch (kind)
        {
            case "test-starting":
                _running[Text(json, "TestUniqueID")] = new RunningTest(Text(json, "TestDisplayName"), clock.GetTimestamp());
                break;
            case "test-passed":
                Add(json, Outcome.Passed, "");
                break;
            case "test-failed":
                Add(json, Outcome.Failed, Failure(json));
                break;
            case "test-skipped":
                Add(json, Outcome.Skipped, Text(json, "Reason"));
                break;
            case "test-finished":
                _running.Remove(Text(json, "TestUniqueID"));
                break;
            case "test-assembly-finished":
                _finished = true;
                break;
            case "error-message":
            case not null when kind.EndsWith("-cleanup-failure", StringComparison.Ordinal):
                _results.Add(new FinishedTest(suite, kind, Outcome.Failed, TimeSpan.Zero, Failure(json), ""));
                break;
        }
    }

    private void Add(JsonElement json, Outcome outcome, string details)
    {
        var name = _running.TryGetValue(Text(json, "TestUniqueID"), out var test) ? test.Name : "a test that never began";
        var time = TimeSpan.FromSeconds(json.GetProperty("ExecutionTime").GetDouble());
        _results.Add(new FinishedTest(suite, name, outcome, time, details, Text(json, "Output")));
    }

    private static string Failure(JsonElement json)
    {
        var types = Texts(json, "ExceptionTypes");
        var messages = Texts(json, "Messages");
        var traces = Texts(json, "StackTraces");
        var text = new StringBuilder();
        for (var i = 0; i < types.Count; i++)
        {
            text.AppendLine($"{types[i]}: {messages[i]}");
            if (traces[i].Length > 0) text.AppendLine(traces[i]);
        }

        return text.ToString();
    }

    private static string Text(JsonElement json, string property) =>
        json.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";

    private static List<string> Texts(JsonElement json, string property) =>
        json.TryGetProperty(property, out var values) ? [.. values.EnumerateArray().Select(value => value.GetString() ?? "")] : [];

    private sealed record RunningTest(string Name, long Began);
}
