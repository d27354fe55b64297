using Moldau.Bench.Clients;
using Xunit;

namespace Moldau.Unit.Benchmarks;

public class ClientsOptionsTests
{
    [Fact]
    public void Without_words_everybody_takes_part_in_every_row_but_the_long_ones()
    {
        Assert.True(ClientsOptions.TryParse([], out var options));
        Assert.Equal(Enum.GetValues<ClientKind>(), options.Only);
        Assert.Equal(ClientRows.All().Where(static row => !row.IsLong).Select(static row => row.Name), ClientRows.All().Where(options.Asks).Select(static row => row.Name));
    }

    [Fact]
    public void Words_choose_rows_rounds_turns_clients_and_a_file()
    {
        Assert.True(ClientsOptions.TryParse(["MEMORY:", "--rounds", "3", "--turn", "250", "--only", "dekaf,confluent", "--markdown", "x.md"], out var options));
        Assert.Equal((3, TimeSpan.FromMilliseconds(250), "x.md"), (options.Rounds, options.Turn, options.MarkdownFile));
        Assert.Equal([ClientKind.Moldau, ClientKind.Dekaf, ClientKind.Confluent], options.Only);
        Assert.All(ClientRows.All().Where(options.Asks), static row => Assert.True(row.IsLong));
        Assert.Contains(ClientRows.All(), options.Asks);
    }

    [Fact]
    public void The_long_rows_come_with_the_full_run()
    {
        Assert.True(ClientsOptions.TryParse(["--full"], out var options));
        Assert.Equal(ClientRows.All().Count(), ClientRows.All().Count(options.Asks));
    }

    [Theory]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "many")]
    [InlineData("--rounds")]
    [InlineData("--turn", "49")]
    [InlineData("--only", "nobody")]
    [InlineData("--only", "17")]
    [InlineData("--markdown")]
    [InlineData("--unknown")]
    [InlineData("one", "two")]
    public void What_is_not_understood_is_refused(params string[] words) => Assert.False(ClientsOptions.TryParse(words, out _));

    [Fact]
    public void Every_row_has_a_name_of_its_own() => Assert.Equal(ClientRows.All().Count(), ClientRows.All().Select(static row => row.Name).Distinct().Count());
}
