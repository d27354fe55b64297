using Moldau.Bench.Clients.Worker;
using Xunit;

namespace Moldau.Unit.Benchmarks;

/// <summary>What the processes of a comparison tell each other.</summary>
public class ClientWireTests
{
    [Fact]
    public void A_task_comes_back_from_its_arguments()
    {
        var task = new ClientTask(ClientWork.Handle, "127.0.0.1:9092", 1024, true, "zstd", 1 << 20, 5);
        Assert.Equal(task, ClientTask.Parse(task.ToArguments()));
        Assert.Throws<ArgumentException>(() => ClientTask.Parse(["Produce"]));
    }

    [Fact]
    public void A_turn_comes_back_from_its_line_and_other_lines_are_none()
    {
        var turn = new ClientTurn(123_456_789, 0.500123, 0.7512, 1 << 20, 1L << 33);
        Assert.Equal(turn, ClientTurn.Parse(turn.ToLine()));
        Assert.Null(ClientTurn.Parse("%3|1795369118.790|FAIL|rdkafka#producer-1| connection refused"));
        Assert.Null(ClientTurn.Parse("ready 1.0"));
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(1024, true)]
    public void A_topic_without_end_says_what_is_in_it(int valueBytes, bool isKeyed)
    {
        Assert.True(EndlessTopic.TryParse(EndlessTopic.Name(valueBytes, isKeyed), out var bytes, out var keyed));
        Assert.Equal((valueBytes, isKeyed), (bytes, keyed));
    }

    [Theory]
    [InlineData("written")]
    [InlineData("endless-")]
    [InlineData("endless-0")]
    [InlineData("endless-keyed-many")]
    public void Other_topics_have_an_end(string name) => Assert.False(EndlessTopic.TryParse(name, out _, out _));

    [Theory]
    [InlineData("none", 64)]
    [InlineData("zstd", 1 << 14)]
    public void Codecs_see_no_value_twice_in_a_batch(string codec, int different)
    {
        var samples = new Samples(new ClientTask(ClientWork.Produce, "", 100, true, codec, 1 << 20, 0));
        Assert.Equal(different, Enumerable.Range(0, 1 << 16).Select(i => samples.Value(i)).Distinct().Count());
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(100, samples.Value(i).Length));
        Assert.Equal(samples.Key(1), samples.Key(1025));
    }
}
