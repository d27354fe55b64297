using Moldau.Fuzz.Engine;
using Moldau.Fuzz.Targets;
using Xunit;

namespace Moldau.Fuzz;

/// <summary>Every reader of bytes from strangers, fed with faulty ones. The shares of the run's time add up to one.</summary>
public class ReaderFuzzTests
{
    [Fact]
    public void Requests() => FuzzGroup.Run("requests", 0.30, [.. MessageTargets.Requests()]);

    [Fact]
    public void Responses() => FuzzGroup.Run("responses", 0.25, [.. MessageTargets.Responses()]);

    [Fact]
    public void Stored_records() => FuzzGroup.Run("stored records", 0.08, [.. MessageTargets.StoredRecords()]);

    [Fact]
    public void Messages_that_stand_alone() => FuzzGroup.Run("messages that stand alone", 0.05, [.. MessageTargets.StandingAlone()]);

    [Fact]
    public void Codecs() => FuzzGroup.Run("codecs", 0.22, CodecTargets.All());

    [Fact]
    public void Record_batches() => FuzzGroup.Run("record batches", 0.05, [new RecordBatchTarget()]);

    [Fact]
    public void Definitions() => FuzzGroup.Run("definitions", 0.05, [new DefinitionTarget()]);

    [Fact]
    public void Every_regression_folder_is_a_target()
    {
        FuzzTarget[] targets =
        [
            .. MessageTargets.Requests(), .. MessageTargets.Responses(), .. MessageTargets.StoredRecords(),
            .. MessageTargets.StandingAlone(), .. CodecTargets.All(), new RecordBatchTarget(), new DefinitionTarget(),
        ];
        var names = targets.Select(static target => target.Name).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Empty(Regressions.Targets().Except(names));
    }
}
