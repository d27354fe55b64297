using Xunit;

namespace Moldau.Compatibility.Serving.Queues;

/// <summary>The checker of the queue of orders finds what must not be.</summary>
public sealed class OrderBookTests
{
    private readonly OrderBook _book = new(firstDelay: 100);

    public OrderBookTests()
    {
        for (var number = 1; number <= 3; number++) _book.Place(number, "one", partition: 0, offset: number);
    }

    [Fact]
    public void What_goes_well_is_no_fault()
    {
        Handle(1);
        _book.Begin(2, 0, 1);
        _book.Fail(2, 10, 1);
        _book.Begin(2, 110, 2);
        _book.Succeed(2);
        Handle(3);
        _book.Place(107, "one", 0, 4);
        _book.Begin(107, 200, 1);
        _book.Fail(107, 201, 1);
        _book.Bury(107, "one", "Offset delivery count exceeded the threshold.", 5);
        Assert.Empty(_book.Faults());
    }

    [Fact]
    public void An_order_that_nobody_handled_is_found()
    {
        Handle(1);
        Handle(3);
        Assert.Contains(_book.Faults(), static fault => fault.Contains("order 2", StringComparison.Ordinal) && fault.Contains("never handled", StringComparison.Ordinal));
    }

    [Fact]
    public void An_order_that_overtakes_another_is_found()
    {
        Handle(1);
        _book.Begin(2, 0, 1);
        Handle(3);
        _book.Succeed(2);
        Assert.Contains(_book.Faults(), static fault => fault.StartsWith("order 3 of one was begun before", StringComparison.Ordinal));
    }

    [Fact]
    public void A_try_that_comes_too_soon_is_found()
    {
        Handle(1);
        _book.Begin(2, 0, 2);
        _book.Fail(2, 0, 2);
        _book.Begin(2, 199, 3);
        Assert.Contains(_book.Faults(), static fault => fault.StartsWith("order 2 was tried again 199 ms after", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("two", "Offset delivery count exceeded the threshold.", 5)]
    [InlineData("one", "Offset rejected by client.", 5)]
    [InlineData("one", "Offset delivery count exceeded the threshold.", 4)]
    public void A_letter_that_says_something_else_is_found(string customer, string reason, int deliveries)
    {
        Handle(1);
        Handle(2);
        Handle(3);
        _book.Bury(2, customer, reason, deliveries);
        Assert.Single(_book.Faults());
    }

    [Fact]
    public void A_hopeless_order_that_is_no_letter_is_found()
    {
        for (var number = 1; number <= 3; number++) Handle(number);
        _book.Place(107, "one", 0, 4);
        Handle(107);
        Assert.Single(_book.Faults(), static fault => fault.Contains("is hopeless", StringComparison.Ordinal));
    }

    private void Handle(int number)
    {
        _book.Begin(number, 0, 1);
        _book.Succeed(number);
    }
}
