using System.CommandLine;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Bench;

/// <summary><c>moldau bench</c>: how fast a cluster writes and reads, in the columns of Kafka's own tools.</summary>
internal static class BenchCommand
{
    public static Command Create(Terminal terminal) => new("bench", "Measures how fast a cluster writes and reads, in the columns of Kafka's own tools")
    {
        BenchProduce.Create(terminal),
        BenchConsume.Create(terminal),
        BenchLatency.Create(terminal),
    };
}
