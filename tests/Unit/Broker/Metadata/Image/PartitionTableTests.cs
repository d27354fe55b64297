using System.Globalization;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Image;

public class PartitionTableTests
{
    [Fact]
    public void A_table_is_what_was_set_and_stays_so_whatever_follows_it()
    {
        var given = Environment.GetEnvironmentVariable("MOLDAU_SEED");
        var seed = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"MOLDAU_SEED={seed}");
        var chance = new Random(seed);
        var past = new List<(PartitionTable Table, Dictionary<int, Stored<PartitionRecord>> Expected)> { (PartitionTable.Empty, []) };
        for (var step = 0; step < 200; step++)
        {
            var (table, before) = past[chance.Next(past.Count)];
            var (edit, expected) = (table.Edit(), new Dictionary<int, Stored<PartitionRecord>>(before));
            for (var count = chance.Next(1, 40); count > 0; count--)
            {
                var number = chance.Next(chance.Next(2) == 0 ? 10 : 700);
                var state = chance.Next(3) == 0 ? null : new Stored<PartitionRecord>(PartitionRecord.New([step]), step);
                edit.Set(number, state);
                if (state is null) expected.Remove(number);
                else expected[number] = state;
            }

            past.Add((edit.Finish(), expected));
        }

        foreach (var (table, expected) in past)
        {
            Assert.Equal(expected.Count == 0, table.IsEmpty);
            for (var number = -1; number < 800; number++) Assert.Same(expected.GetValueOrDefault(number), table[number]);
        }
    }
}
