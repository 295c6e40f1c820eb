import './browser/globals.ts';
import { render } from 'preact';
import { App } from './app.tsx';
import { observeCalls } from './simulate.ts';
import './style.css';

// For the test that the page and the deployed functions agree.
Object.assign(globalThis, { observeCalls });

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
