using Moldau.Storage.Compaction;

namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>What compaction has done. From any of its threads.</summary>
internal sealed class CleanerCounts
{
    private readonly Lock _sync = new();

    public long Passes { get; private set; }

    public long Failed { get; private set; }

    public long BytesRead { get; private set; }

    public long BytesWritten { get; private set; }

    public long RecordsDropped { get; private set; }

    public TimeSpan Longest { get; private set; }

    public TimeSpan Whole { get; private set; }

    public void Add(CleaningResult result, TimeSpan took)
    {
        lock (_sync)
        {
            if (result.Outcome is CleaningOutcome.Damaged or CleaningOutcome.DiskFailed) Failed++;
            if (result.Outcome != CleaningOutcome.Compacted) return;
            Passes++;
            BytesRead += result.Counts.BytesRead;
            BytesWritten += result.Counts.BytesWritten;
            RecordsDropped += result.Counts.RecordsRead - result.Counts.RecordsKept;
            Whole += took;
            if (took > Longest) Longest = took;
        }
    }
}
