using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Clients;

/// <summary>What a row came to for one client, beside ours: medians of the rounds, and of the rounds' own ratios.</summary>
internal sealed record ClientResult(ClientRow Row, ClientKind Kind, IReadOnlyList<ClientTurn> Turns, IReadOnlyList<ClientTurn> Ours)
{
    private const double MostGrowth = 1.1;

    public double Rate => Median(Turns.Select(static turn => turn.Rate));

    public double CpuNanoseconds => Median(Turns.Select(static turn => turn.CpuNanoseconds));

    public double AllocatedEach => Median(Turns.Select(static turn => turn.AllocatedEach));

    /// <summary>How many times as fast ours is; two turns of one round saw the same machine.</summary>
    public double RateRatio => Median(Ours.Zip(Turns, static (ours, peer) => ours.Rate / peer.Rate));

    /// <summary>How many times as much of the processors it takes for each as ours.</summary>
    public double CpuRatio => Median(Ours.Zip(Turns, static (ours, peer) => peer.CpuNanoseconds / ours.CpuNanoseconds));

    /// <summary>The process at the end of the last turn, to that at the end of the first.</summary>
    public double MemoryGrowth => (double)Turns[^1].ResidentBytes / Turns[0].ResidentBytes;

    /// <returns>Null where there is no goal.</returns>
    public bool? IsMet
    {
        get
        {
            if (Kind == ClientKind.Moldau) return Row.IsLong ? MemoryGrowth <= MostGrowth : Row.MostAllocated is { } most ? AllocatedEach <= most : null;
            bool? met = Row.GoalBeside(Kind) is { } times ? RateRatio >= times : null;
            if (Kind == ClientKind.Encoding && Row.MostEncodingTimes is { } mostTimes) met = met != false && 1 / CpuRatio <= mostTimes;
            return met;
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
