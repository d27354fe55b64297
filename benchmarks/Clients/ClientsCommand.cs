using System.Text;
using Moldau.Bench.Clients.Librdkafka;
using Moldau.Bench.Clients.Ours;
using Moldau.Bench.Clients.Worker;
using Moldau.Bench.Harness;

namespace Moldau.Bench.Clients;

/// <summary><c>./bench clients</c>: our client beside others.</summary>
internal static class ClientsCommand
{
    public const string Name = "clients";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (!ClientsOptions.TryParse(arguments, out var options))
        {
            Console.Error.WriteLine(BenchOptions.Usage + "\n" + ClientsOptions.Usage);
            return 2;
        }

        var document = new StringBuilder();
        using var run = new ClientsRun(options);
        Tell(MachineLine.Describe());
        Tell($"medians of {options.Rounds} rounds by turns of {options.Turn.TotalMilliseconds:0} ms");
        foreach (var version in run.Versions()) Tell(version);
        Tell("\n" + ClientTable.Head);
        foreach (var row in ClientRows.All().Where(options.Asks))
        {
            foreach (var line in run.Measure(row)) Tell(line);
        }

        if (options.MarkdownFile is not null) File.WriteAllText(options.MarkdownFile, document.ToString());
        return 0;

        void Tell(string line)
        {
            Console.WriteLine(line);
            document.Append(line).Append('\n');
        }
    }

    /// <summary>What the process of one of the clients does that are in this program.</summary>
    public static Task<int> WorkAsync(string kind, ReadOnlySpan<string> arguments)
    {
        var task = ClientTask.Parse(arguments);
        return Enum.Parse<ClientKind>(kind) switch
        {
            ClientKind.Librdkafka => ClientWorker.RunAsync("librdkafka " + Librdkafka.Librdkafka.Version, () => Task.FromResult(LibrdkafkaLoads.Of(task))),
            ClientKind.Thread => ClientWorker.RunAsync("", () => Task.FromResult<IClientLoad>(new ThreadLoad(task))),
            ClientKind.Encoding => ClientWorker.RunAsync("", () => Task.FromResult<IClientLoad>(new EncodingLoad(task))),
            _ => ClientWorker.RunAsync("", () => Task.FromResult(MoldauLoads.Of(task))),
        };
    }
}
