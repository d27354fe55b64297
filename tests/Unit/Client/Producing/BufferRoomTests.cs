using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Client.Producing;

public class BufferRoomTests
{
    private readonly BufferRoom _room = new(100);

    [Fact]
    public async Task Who_waits_goes_on_when_a_quarter_is_free()
    {
        Assert.True(_room.TryTake(90));
        var waits = _room.TakeAsync(20, TestContext.Current.CancellationToken).AsTask();
        Assert.True(_room.IsShort);
        Assert.False(_room.TryTake(1));

        _room.Give(14);
        Assert.Equal((76, true), (_room.Used, _room.IsShort));
        _room.Give(1);
        await waits;

        Assert.Equal((95, false), (_room.Used, _room.IsShort));
    }

    [Fact]
    public async Task What_is_free_may_be_given_out_before()
    {
        Assert.True(_room.TryTake(90));
        var waits = _room.TakeAsync(11, TestContext.Current.CancellationToken).AsTask();
        var behind = _room.TakeAsync(20, TestContext.Current.CancellationToken).AsTask();
        _room.Serve();
        Assert.Equal(90, _room.Used);

        _room.Give(5);
        _room.Serve();
        await waits;

        Assert.Equal((96, true), (_room.Used, _room.IsShort));
        _room.End(new KafkaException(ErrorCode.NetworkException, "closed"));
        await Assert.ThrowsAsync<KafkaException>(() => behind);
    }

    [Fact]
    public async Task One_that_is_larger_than_all_of_it_passes_alone()
    {
        Assert.True(_room.TryTake(1));
        var waits = _room.TakeAsync(1000, TestContext.Current.CancellationToken).AsTask();
        Assert.True(_room.IsShort);
        _room.Give(1);
        await waits;
    }
}
