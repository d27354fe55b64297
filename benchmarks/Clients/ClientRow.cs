using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Clients;

/// <summary>One kind of work that the clients do by turns.</summary>
/// <param name="Name">What the row is chosen by.</param>
/// <param name="Task">The work; the broker's place is not known yet.</param>
internal sealed record ClientRow(string Name, ClientTask Task)
{
    /// <summary>How many times as fast as each of them ours is to be; one that is not named is not to be faster than ours.</summary>
    public IReadOnlyDictionary<ClientKind, double> Goals { get; init; } = new Dictionary<ClientKind, double>();

    /// <summary>How many times the processor's time of encoding alone ours may take.</summary>
    public double? MostEncodingTimes { get; init; }

    /// <summary>What ours may allocate for each.</summary>
    public double? MostAllocated { get; init; }

    /// <summary>Ours alone, in turns that are longer: what is looked at is whether its memory grows.</summary>
    public bool IsLong { get; init; }

    public string Note { get; init; } = "";

    public string Unit => Task.Work == ClientWork.Transactions ? "transactions" : "records";

    public IEnumerable<ClientKind> Kinds => IsLong ? [ClientKind.Moldau] : Enum.GetValues<ClientKind>().Where(TakesPart);

    public double? GoalBeside(ClientKind kind) => kind switch
    {
        ClientKind.Moldau => null,
        ClientKind.Thread or ClientKind.Encoding => Goals.TryGetValue(kind, out var share) ? share : null,
        _ => Goals.TryGetValue(kind, out var goal) ? goal : 1,
    };

    private bool TakesPart(ClientKind kind) => kind switch
    {
        ClientKind.Thread => Task is { Work: ClientWork.Produce, Codec: "none", IsKeyed: false },
        ClientKind.Encoding => Task.Work == ClientWork.Produce,
        _ => true,
    };
}
