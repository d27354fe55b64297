using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Storage.Compaction;

/// <summary>Decides batch by batch what a pass leaves of a log. The seam at which a test puts one that decides wrongly.</summary>
internal interface IBatchFilter : IDisposable
{
    /// <summary>Where the producers of the log have come to: the last batch of each stays, empty if need be, or its sequence would be lost.</summary>
    IReadOnlyDictionary<long, ProducerEnd> Producers { get; set; }

    void Begin(PassRules rules, PassCounts counts);

    /// <param name="batch">The next batch of the log.</param>
    /// <param name="isLastOfSegment">
    /// Whether nothing follows it in the segment that is written: something then stays in its place, so that the segment
    /// says where it ends, and its readers go on there.
    /// </param>
    /// <param name="output">Where what stays is appended.</param>
    void Filter(RecordBatch batch, bool isLastOfSegment, PooledBuffer output);
}
