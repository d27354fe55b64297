using Moldau.Bench.Clients;
using Moldau.Bench.Clients.Worker;
using Xunit;

namespace Moldau.Unit.Benchmarks;

public class ClientResultTests
{
    private static readonly ClientTask Task = new(ClientWork.Produce, "", 100, false, "none", 1 << 16, 5);
    private static readonly ClientRow Row = new("a row", Task) { Goals = new Dictionary<ClientKind, double> { [ClientKind.Confluent] = 8 }, MostAllocated = 1 };

    // In turns of a second: so many thousand records, and so many nanoseconds of a processor for each.
    private static ClientTurn Turn(long thousands, double nanoseconds = 100, double allocated = 0, long resident = 100 << 20) =>
        new(thousands * 1000, 1, thousands * nanoseconds / 1e6, (long)(thousands * 1000 * allocated), resident);

    private static ClientResult Beside(ClientKind kind, ClientTurn[] ours, ClientTurn[] peers) => new(Row, kind, peers, ours);

    [Fact]
    public void The_ratio_is_the_median_of_the_rounds_own_and_not_of_the_medians()
    {
        // The machine was half as fast in the second round, for both.
        var result = Beside(ClientKind.Dekaf, [Turn(900), Turn(400), Turn(700)], [Turn(300), Turn(100), Turn(350)]);
        Assert.Equal(3, result.RateRatio, 6);
        Assert.Equal(300_000, result.Rate, 3);
    }

    [Fact]
    public void Of_an_even_number_the_median_lies_between() => Assert.Equal(2.5, ClientResult.Median([4, 1, 3, 2]));

    [Fact]
    public void The_processors_time_is_told_in_the_peers_to_ours()
    {
        var result = Beside(ClientKind.Dekaf, [Turn(900, 50)], [Turn(300, 150)]);
        Assert.Equal(3, result.CpuRatio, 6);
        Assert.Equal(150, result.CpuNanoseconds, 6);
    }

    [Theory]
    [InlineData(nameof(ClientKind.Confluent), 800, true)]
    [InlineData(nameof(ClientKind.Confluent), 799, false)]
    [InlineData(nameof(ClientKind.Librdkafka), 100, true)]
    [InlineData(nameof(ClientKind.Librdkafka), 99, false)]
    [InlineData(nameof(ClientKind.Encoding), 1, null)]
    public void A_goal_is_the_rows_own_or_not_to_be_slower(string kind, int ours, bool? isMet) => Assert.Equal(isMet, Beside(Enum.Parse<ClientKind>(kind), [Turn(ours)], [Turn(100)]).IsMet);

    [Theory]
    [InlineData(130, true)]
    [InlineData(131, false)]
    public void Beside_encoding_it_is_the_processors_time_that_counts(int nanoseconds, bool isMet)
    {
        var row = Row with { MostEncodingTimes = 1.3 };
        Assert.Equal(isMet, new ClientResult(row, ClientKind.Encoding, [Turn(9000, 100)], [Turn(100, nanoseconds)]).IsMet);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1.5, false)]
    public void Ours_is_held_to_what_it_allocates(double bytes, bool isMet) => Assert.Equal(isMet, Beside(ClientKind.Moldau, [], [Turn(100, allocated: bytes)]).IsMet);

    [Theory]
    [InlineData(110, true)]
    [InlineData(111, false)]
    public void A_long_row_is_held_to_its_memory(int lastMiB, bool isMet)
    {
        var row = Row with { IsLong = true };
        Assert.Equal(isMet, new ClientResult(row, ClientKind.Moldau, [Turn(1), Turn(1, resident: (long)lastMiB << 20)], []).IsMet);
    }

    [Fact]
    public void Lines_have_as_many_cells_as_the_head()
    {
        var cells = ClientTable.Head.Split('\n')[0].Count(static c => c == '|');
        var missed = ClientTable.Line(Beside(ClientKind.Confluent, [Turn(500)], [Turn(100)]));
        Assert.Equal("| a row | Confluent | 100 | 5x | >= 8x | NO | 100 | 1x | 0 | 100 - 100 |  |", missed);
        Assert.All([missed, ClientTable.Line(Beside(ClientKind.Moldau, [], [Turn(1)])), ClientTable.Missing(Row, ClientKind.Dekaf, "a | b")], line => Assert.Equal(cells, line.Count(static c => c == '|')));
    }

    [Fact]
    public void Who_encodes_only_stands_beside_writers_and_a_lone_thread_where_it_does_the_same()
    {
        Assert.Equal(Enum.GetValues<ClientKind>(), Row.Kinds);
        Assert.DoesNotContain(ClientKind.Thread, (Row with { Task = Task with { IsKeyed = true } }).Kinds);
        Assert.DoesNotContain(ClientKind.Encoding, (Row with { Task = Task with { Work = ClientWork.Consume } }).Kinds);
        Assert.Equal([ClientKind.Moldau], (Row with { IsLong = true }).Kinds);
    }
}
