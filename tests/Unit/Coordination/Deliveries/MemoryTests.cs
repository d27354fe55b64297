using Moldau.Coordination.Deliveries;
using Xunit;

namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>What a million records that are out cost.</summary>
public sealed class MemoryTests
{
    private static readonly DeliveryRules s_rules = new() { LockDuration = 1000, DeliveryLimit = 5, MostOut = 10_000, AllowsRenewal = true };

    [Fact]
    public void A_million_records_as_they_come_are_a_few_rows()
    {
        var rows = 0L;
        for (var partition = 0; partition < 100; partition++)
        {
            var machine = Filled();
            rows += machine.Rows.Capacity;
        }

        Assert.True(rows < 20_000, $"{rows} rows");
    }

    [Fact]
    public void Every_second_one_done_with_is_a_row_each_and_no_more()
    {
        var machine = Filled();
        for (var offset = 0; offset < 10_000; offset += 2) machine.Acknowledge("a", [new AcknowledgedRange(offset, offset, [1])], 0);
        machine.TakeWrite();
        machine.Stored(true, 0);
        Assert.InRange(machine.Rows.Capacity, 9_999, 20_000);
        for (var offset = 1; offset < 10_000; offset += 2) machine.Acknowledge("a", [new AcknowledgedRange(offset, offset, [1])], 0);
        machine.TakeWrite();
        machine.Stored(true, 0);
        Assert.Equal((10_000, 0), (machine.Start, machine.Rows.Count));
        Assert.InRange(machine.Rows.Capacity, 0, 64);
    }

    [Fact]
    public void Of_keys_are_known_those_that_may_be_out_and_no_more()
    {
        var machine = new SharePartitionMachine(() => s_rules with { KeepsKeyOrder = true });
        machine.Begin(0, []);
        for (var offset = 0L; machine.CanAcquire(); offset += 1000)
            machine.Acquire("a", machine.Next(), [new ReadBatch(offset, offset + 999, false)], new AcquireLimits(100, 100, false), 0, [], _ => Keys(offset));
        Assert.Equal((10_000, 10_000), (machine.InFlight, machine.Lines!.Count));
        for (var offset = 0; offset < 10_000; offset++)
        {
            machine.Acquire("a", machine.Next(), [new ReadBatch(offset, offset, false)], new AcquireLimits(100, 100, false), 0, [], static _ => throw new InvalidOperationException("they are known"));
            Assert.Equal(Moldau.Protocol.Errors.ErrorCode.None, machine.Acknowledge("a", [new AcknowledgedRange(offset, offset, [1])], 0).Error);
            machine.TakeWrite();
            machine.Stored(true, 0);
        }

        Assert.Equal((10_000, 0, 0), (machine.Start, machine.Rows.Count, machine.Lines!.Count));

        static List<RecordKey> Keys(long first) => [.. Enumerable.Range(0, 1000).Select(i => new RecordKey(first + i, 1))];
    }

    private static SharePartitionMachine Filled()
    {
        var machine = new SharePartitionMachine(() => s_rules);
        machine.Begin(0, []);
        for (var offset = 0; offset < 10_000; offset += 100)
            machine.Acquire("a", machine.Next(), [new ReadBatch(offset, offset + 99, false)], new AcquireLimits(100, 100, false), offset, []);
        return machine;
    }
}
