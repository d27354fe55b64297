using System.Globalization;

namespace Moldau.Bench.Clients.Worker;

/// <summary>A row as the process of a client is told it, on its command line.</summary>
internal sealed record ClientTask(ClientWork Work, string Bootstrap, int ValueBytes, bool IsKeyed, string Codec, int BatchBytes, int LingerMilliseconds)
{
    public const int Together = 1000;
    public const int TransactionRecords = 100;
    public const int Partitions = 6;
    public const int ZstdLevel = 3;

    /// <summary>Records under way in a client that bounds them by their number; others are bounded by bytes.</summary>
    public const int MostQueued = 1_000_000;

    private const string WrittenTopic = "written";
    private const int Fields = 7;

    public bool IsConsuming => Work is ClientWork.Consume or ClientWork.ConsumeBatches or ClientWork.Handle;

    public string Topic => IsConsuming ? EndlessTopic.Name(ValueBytes, IsKeyed) : WrittenTopic;

    /// <summary>A request has room for a full batch and what stands around it.</summary>
    public int MostRequestBytes => Math.Max(1 << 20, BatchBytes) + (64 << 10);

    public string[] ToArguments() =>
    [
        Work.ToString(), Bootstrap, Text(ValueBytes), IsKeyed ? "keyed" : "keyless", Codec, Text(BatchBytes), Text(LingerMilliseconds),
    ];

    public static ClientTask Parse(ReadOnlySpan<string> arguments) =>
        arguments.Length == Fields
            ? new ClientTask(Enum.Parse<ClientWork>(arguments[0]), arguments[1], Number(arguments[2]), arguments[3] == "keyed", arguments[4], Number(arguments[5]), Number(arguments[6]))
            : throw new ArgumentException($"the process of a client takes {Fields} arguments and got {arguments.Length}; it is started by './bench clients'");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
