using System.Globalization;
using Moldau.Bench.Clients.Worker;
using Moldau.Bench.Race;

namespace Moldau.Bench.Clients;

/// <summary>Puts a row to the clients: each warm until two turns agree, then by turns, the others stopped, all at one broker.</summary>
internal sealed class ClientsRun(ClientsOptions options) : IDisposable
{
    private const double Agreement = 0.10;
    private const int LeastWarmUps = 5;
    private const int MostWarmUps = 12;
    private const double LeastWarmUpSeconds = 2;
    private const int LongTimes = 10;

    private readonly Contender _broker = Contenders.StartForgetful();

    public IEnumerable<string> Measure(ClientRow row)
    {
        var task = row.Task with { Bootstrap = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_broker.Port}") };
        var turn = row.IsLong ? options.Turn * LongTimes : options.Turn;
        var (clients, missing) = (new Dictionary<ClientKind, ClientProcess>(), new List<string>());
        var turns = new Dictionary<ClientKind, List<ClientTurn>>();
        try
        {
            foreach (var kind in row.Kinds.Where(options.Only.Contains)) Try(kind, () => WarmUp(clients[kind] = Start(kind, task), turn));
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var (kind, client) in clients.ToArray()) Try(kind, () => turns[kind].Add(client.Take(turn)));
            }
        }
        finally
        {
            foreach (var client in clients.Values) client.Dispose();
        }

        // Without ours there is nothing to stand beside.
        return turns.TryGetValue(ClientKind.Moldau, out var ours) ? turns.Select(of => ClientTable.Line(new ClientResult(row, of.Key, of.Value, ours))).Concat(missing) : missing;

        void Try(ClientKind kind, Action step)
        {
            turns.TryAdd(kind, []);
            try
            {
                step();
            }
            catch (ClientFailedException failed)
            {
                turns.Remove(kind);
                if (clients.Remove(kind, out var client)) client.Dispose();
                missing.Add(ClientTable.Missing(row, kind, failed.Message));
            }
        }
    }

    /// <summary>What each is, once before the table.</summary>
    public IEnumerable<string> Versions()
    {
        var task = new ClientTask(ClientWork.RoundTrip, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_broker.Port}"), 1, false, "none", 1 << 10, 0);
        foreach (var kind in options.Only.Where(static kind => kind is ClientKind.Dekaf or ClientKind.Librdkafka or ClientKind.Confluent))
        {
            string line;
            try
            {
                using var client = Start(kind, task);
                line = $"{kind}: {client.Version}";
            }
            catch (ClientFailedException failed)
            {
                line = $"{kind} is left out: {failed.Message}";
            }

            yield return line;
        }
    }

    public void Dispose() => _broker.Dispose();

    private static ClientProcess Start(ClientKind kind, ClientTask task) =>
        ClientPrograms.Find(kind, out var why) is { } start ? ClientProcess.Start(start, task) : throw new ClientFailedException(why);

    // The processor's time, since what others take of the machine does not make a client warm.
    private static void WarmUp(ClientProcess client, TimeSpan turn)
    {
        var (last, spent) = (double.NaN, 0.0);
        for (var i = 0; i < MostWarmUps; i++)
        {
            var taken = client.Take(turn);
            spent += taken.CpuSeconds;
            if (spent >= LeastWarmUpSeconds && i >= LeastWarmUps && Math.Abs(taken.CpuNanoseconds - last) <= last * Agreement) return;
            last = taken.CpuNanoseconds;
        }
    }
}
