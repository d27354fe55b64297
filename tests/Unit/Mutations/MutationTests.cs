using Moldau.Unit.Protocol.Messages;
using Moldau.Unit.Protocol.Primitives;
using Moldau.Unit.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Mutations;

/// <summary>Faults put into the Protocol room on purpose, each with the test that must notice it.</summary>
[Trait("Pace", "slow")]
public class MutationTests
{
    [Fact]
    public void The_harness_finds_no_fault_where_none_was_put_in()
    {
        var same = MutatedRoom.With("src/Protocol/Primitives/WireSize.cs", "/ 7 + 1", "/ 7 + 1");

        Assert.Null(same.Run<WireTests>(nameof(WireTests.A_varint_has_its_size_and_comes_back), 128u, 2));
    }

    [Fact]
    public void A_wrong_varint_length_is_noticed()
    {
        var faulty = MutatedRoom.With("src/Protocol/Primitives/WireSize.cs", "/ 7 + 1", "/ 8 + 1");

        Assert.NotNull(faulty.Run<WireTests>(nameof(WireTests.A_varint_has_its_size_and_comes_back), 128u, 2));
    }

    [Fact]
    public void A_field_off_by_one_version_is_noticed()
    {
        var faulty = MutatedRoom.With("protocol/01-Fetch.def", "LastFetchedEpoch int32  12+", "LastFetchedEpoch int32  13+");

        Assert.NotNull(faulty.Run<CaptureTests>(nameof(CaptureTests.The_bytes_of_Kafka_are_read_and_written_again), "apis-00-09.txt"));
    }

    [Fact]
    public void An_array_count_that_is_not_held_against_the_frame_is_noticed()
    {
        var faulty = MutatedRoom.With(
            "src/Protocol/Primitives/WireReader.cs", "if ((long)count * minElementSize > Remaining)", "if (minElementSize < 0)");

        Assert.NotNull(faulty.Run<WireTests>(nameof(WireTests.An_array_that_cannot_be_true_is_refused), 101, 1));
    }

    [Fact]
    public void A_record_length_that_is_not_held_against_the_batch_is_noticed()
    {
        var faulty = MutatedRoom.With(
            "src/Protocol/Records/RecordReader.cs", "if (length < 0 || end > _bytes.Length)", "if (length < 0)");

        Assert.NotNull(faulty.Run<RecordBatchTests>(nameof(RecordBatchTests.No_byte_of_the_records_can_be_set_to_anything_that_reads_past_the_batch)));
    }
}
