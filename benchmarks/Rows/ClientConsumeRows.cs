using System.Globalization;
using Moldau.Bench.Harness;
using Moldau.Bench.Load;

namespace Moldau.Bench.Rows;

/// <summary>What reading costs a client whose broker costs nothing: one connection, one partition, batches of 16 KiB.</summary>
internal static class ClientConsumeRows
{
    public static IEnumerable<Row> All()
    {
        foreach (var (size, name) in ((int, string)[])[(100, "100 B"), (1024, "1 KiB")])
        {
            var load = new Lazy<ConsumeLoad>(() => new ConsumeLoad(size));
            yield return Of(load, size, $"consume records of {name} one by one", static load => load.ReadRecords, size == 100 ? 250 : null, "each value in an array of its own");
            yield return Of(load, size, $"consume records of {name} one by one, in place", static load => load.ReadLengths, null, "their values are looked at where they lie");
            yield return Of(load, size, $"consume records of {name} by batches", static load => load.ReadBatches, size == 100 ? 142 : null, "nothing is copied");
            if (load.IsValueCreated) load.Value.Dispose();
        }
    }

    private static Row Of(Lazy<ConsumeLoad> load, int size, string name, Func<ConsumeLoad, Action<int>> read, double? goal, string note)
    {
        // Without a broker nobody knows how many records an answer holds, and rows are made before they are chosen.
        var records = PreparedBroker.RecordsFor(size);
        return new Row(
            name, Unit.NanosecondsPerRecord, new Subject(times => read(load.Value)(times), records), new Subject(times => load.Value.Walk(times), records), new Goal(Value: goal))
        {
            Note = $"{note}, beside a thread that blocks, and checks and walks the same answers",
            Found = () => load.IsValueCreated ? string.Create(CultureInfo.InvariantCulture, $"; the process allocates {load.Value.AllocatedEach:0.00} B a record") : "",
            Pace = Pace.Disk,
        };
    }
}
