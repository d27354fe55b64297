using System.Runtime.InteropServices;

namespace Moldau.Broker.Network.Linux;

/// <summary>
/// The calls .NET has no face for: readiness of many sockets at once on a thread of one's own, and a stretch of an open file
/// straight into a socket. Without them <see cref="StreamTransport"/> does the same by streams.
/// </summary>
internal static unsafe partial class NativeSocket
{
    public const uint Readable = 0x001;
    public const uint Writable = 0x004;
    public const uint Failed = 0x008;
    public const uint HungUp = 0x010;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int ControlAdd = 1;
    private const int ControlDelete = 2;
    private const int ControlModify = 3;
    private const int NoSignal = 0x4000;
    private const int DoNotWait = 0x40;
    private const int MoreFollows = 0x8000;
    private const int TryAgain = 11;
    private const int Interrupted = 4;

    public static bool IsSupported { get; } = OperatingSystem.IsLinux();

    public static int CreateWaiter() => Checked(epoll_create1(CloseOnExec), "epoll_create1");

    public static int CreateSignal() => Checked(eventfd(0, CloseOnExec | NonBlocking), "eventfd");

    public static void Add(int waiter, int socket, uint events, ulong data) => Control(waiter, ControlAdd, socket, events, data);

    public static void Modify(int waiter, int socket, uint events, ulong data) => Control(waiter, ControlModify, socket, events, data);

    public static void Remove(int waiter, int socket) => Control(waiter, ControlDelete, socket, 0, 0);

    /// <returns>How many of the places hold an event.</returns>
    public static int Wait(int waiter, Span<byte> places, int milliseconds)
    {
        fixed (byte* first = places)
        {
            var count = epoll_wait(waiter, first, places.Length / EventSize, milliseconds);
            if (count >= 0) return count;
            return Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw Failure("epoll_wait");
        }
    }

    /// <summary>An event is 12 bytes where the processor is x64, and 16 elsewhere.</summary>
    public static int EventSize { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    public static (uint Events, ulong Data) EventAt(ReadOnlySpan<byte> places, int index)
    {
        var place = places.Slice(index * EventSize, EventSize);
        return (MemoryMarshal.Read<uint>(place), MemoryMarshal.Read<ulong>(place[(EventSize - sizeof(ulong))..]));
    }

    public static int Receive(int socket, Span<byte> room)
    {
        fixed (byte* first = room)
        {
            while (true)
            {
                var received = (int)recv(socket, first, (nuint)room.Length, DoNotWait);
                if (received > 0) return received;
                if (received == 0) return Transport.Gone;
                var error = Marshal.GetLastPInvokeError();
                if (error != Interrupted) return error == TryAgain ? Transport.WouldBlock : Transport.Gone;
            }
        }
    }

    public static int Send(int socket, ReadOnlySpan<byte> bytes, bool more)
    {
        fixed (byte* first = bytes)
        {
            while (true)
            {
                var sent = (int)send(socket, first, (nuint)bytes.Length, NoSignal | DoNotWait | (more ? MoreFollows : 0));
                if (sent >= 0) return sent;
                var error = Marshal.GetLastPInvokeError();
                if (error != Interrupted) return error == TryAgain ? Transport.WouldBlock : Transport.Gone;
            }
        }
    }

    /// <summary>The file's handle is held by whoever holds the slice.</summary>
    public static int SendFile(int socket, int file, long position, int count)
    {
        while (true)
        {
            var offset = position;
            var sent = (int)sendfile(socket, file, &offset, (nuint)count);
            if (sent > 0) return sent;
            // The file is shorter than its log says: the reply cannot be ended, so the connection is.
            if (sent == 0) return Transport.Gone;
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) return error == TryAgain ? Transport.WouldBlock : Transport.Gone;
        }
    }

    /// <summary>Makes a waiter that sleeps look again.</summary>
    public static void Signal(int signal)
    {
        ulong one = 1;
        _ = write(signal, (byte*)&one, sizeof(ulong));
    }

    public static void TakeSignal(int signal)
    {
        ulong count;
        _ = read(signal, (byte*)&count, sizeof(ulong));
    }

    public static void Close(int handle) => _ = close(handle);

    private static void Control(int waiter, int operation, int socket, uint events, ulong data)
    {
        var place = stackalloc byte[16];
        *(uint*)place = events;
        *(ulong*)(place + EventSize - sizeof(ulong)) = data;
        Checked(epoll_ctl(waiter, operation, socket, place), "epoll_ctl");
    }

    private static int Checked(int result, string call) => result >= 0 ? result : throw Failure(call);

    private static IOException Failure(string call) => new($"{call} failed: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int waiter, int operation, int socket, byte* place);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int waiter, byte* places, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int socket, byte* room, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(int socket, int file, long* offset, nuint count);

    [LibraryImport("libc")]
    private static partial nint write(int handle, byte* bytes, nuint length);

    [LibraryImport("libc")]
    private static partial nint read(int handle, byte* bytes, nuint length);

    [LibraryImport("libc")]
    private static partial int close(int handle);
}
