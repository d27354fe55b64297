using System.Text.RegularExpressions;
using Moldau.Compatibility.Clients;

namespace Moldau.Compatibility.Connect;

/// <summary>A file that a source connector reads into a topic, and a sink connector writes into another file.</summary>
/// <param name="folder">Where both files are.</param>
/// <param name="name">Of the topic.</param>
internal sealed class CopiedFile(string folder, string name)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly List<string> _lines = [];

    public string[] Connectors => [$"source-{name}", $"sink-{name}"];

    private string From => Path.Combine(folder, name + ".in");

    private string To => Path.Combine(folder, name + ".out");

    /// <summary>How many lines the sink has written again.</summary>
    public int Repeated => Arrived().Length - Arrived().Distinct().Count();

    public async Task ConnectAsync(ConnectCluster cluster)
    {
        await File.WriteAllTextAsync(From, "");
        await cluster.PutAsync(Connectors[0], new()
        {
            ["connector.class"] = "org.apache.kafka.connect.file.FileStreamSourceConnector", ["tasks.max"] = "1", ["file"] = From, ["topic"] = name, ["exactly.once.support"] = "required",
        });
        await cluster.PutAsync(Connectors[1], new()
        {
            ["connector.class"] = "org.apache.kafka.connect.file.FileStreamSinkConnector", ["tasks.max"] = "1", ["file"] = To, ["topics"] = name,
        });
    }

    public void Append(int lines)
    {
        var more = Enumerable.Range(_lines.Count, lines).Select(number => $"{name} line {number}").ToList();
        _lines.AddRange(more);
        File.AppendAllLines(From, more);
    }

    /// <summary>Waits until every line has arrived.</summary>
    public async Task UntilCopiedAsync(ConnectCluster cluster)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (Arrived().Distinct().Count() < _lines.Count)
        {
            if (TimeProvider.System.GetElapsedTime(since) > Deadline)
                throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {_lines.Count} lines of {name}, {Arrived().Length} are there\n{cluster.Said}");
            await Task.Delay(50);
        }
    }

    /// <summary>
    /// The topic must have each line once, in order. A sink tells how far it is behind its writing, so the next one may
    /// write again what a killed one wrote last; but nothing may be missing, and nothing be new in another order.
    /// </summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public async Task<string?> FaultAsync(string broker)
    {
        var records = await Kcat.ReadCommittedAsync(broker, name);
        var arrived = Arrived().Distinct().ToArray();
        if (!records.SequenceEqual(_lines)) return $"{name}: {_lines.Count} lines became {records.Length} records: {FirstDifference(records)}";
        return arrived.SequenceEqual(_lines) ? null : $"{name}: {_lines.Count} lines became others: {FirstDifference(arrived)}";
    }

    private string FirstDifference(string[] read)
    {
        for (var i = 0; i < Math.Min(read.Length, _lines.Count); i++)
        {
            if (read[i] != _lines[i]) return $"'{read[i]}' where '{_lines[i]}' is expected";
        }

        return "one goes on where the other ends";
    }

    /// <summary>A line and its end are two writes of a sink: one that is killed between them leaves a line without an end.</summary>
    private string[] Arrived()
    {
        if (!File.Exists(To)) return [];
        using var reader = new StreamReader(new FileStream(To, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. Regex.Matches(reader.ReadToEnd(), name + " line [0-9]+").Select(static line => line.Value)];
    }
}
