namespace Moldau.Unit.Storage.Facts;

/// <summary>A writer that runs when the test says so: what is submitted before shares a flush.</summary>
internal sealed class HeldWork
{
    private Action? _work;

    public void Hold(Action work) => _work = work;

    public void Release() => Interlocked.Exchange(ref _work, null)?.Invoke();
}
