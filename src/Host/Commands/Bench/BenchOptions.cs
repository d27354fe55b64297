using System.CommandLine;

namespace Moldau.Host.Commands.Bench;

/// <summary>What the measuring verbs take.</summary>
internal static class BenchOptions
{
    public const double MegaByte = 1024 * 1024;

    public static Option<long> Records(long byDefault) => new("--records", "--num-records", "--messages")
    {
        Description = $"How many records; {byDefault} where nothing is said",
        HelpName = "N",
        DefaultValueFactory = _ => byDefault,
    };

    public static Option<int> Size() => new("--size", "--record-size") { Description = "Bytes of a record's value; 100 where nothing is said", HelpName = "BYTES", DefaultValueFactory = static _ => 100 };

    /// <summary>Bytes that hardly compress, the same each time.</summary>
    public static byte[] Payload(int size)
    {
        const int Seed = 0;
        var payload = new byte[size];
        var chance = new Random(Seed);
        for (var i = 0; i < size; i++) payload[i] = (byte)('A' + chance.Next(26));
        return payload;
    }
}
